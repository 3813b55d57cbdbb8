"""What the words of a device say of its moments: A, D, Q and f, densely, for a batch, or as sparse matrices."""
