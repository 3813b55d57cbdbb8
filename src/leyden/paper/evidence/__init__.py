"""What the claims are computed with: devices and grids to try, curves to read, exact algebra, and the judge."""
