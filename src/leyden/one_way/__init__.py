"""One-way devices of any kind: what feeds as a density matrix, what it feeds by moments, without any cutoff."""
