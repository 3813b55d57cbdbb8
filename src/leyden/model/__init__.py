"""What a device is: its elements, the network of them, its moment equations, the catalog, device files."""
