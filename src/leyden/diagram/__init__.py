"""How is any device drawn? What is on the sheet and where, and the same as SVG; no equations, no drawing library."""
