"""Classical equations of motion: amplitudes in place of operators, all their fixed points, and where they go."""
