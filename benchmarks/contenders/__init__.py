"""The contenders: leyden, and what a good researcher writes with other libraries.

Each does the same work and returns stored energy and ergotropy. What is written by hand starts from the equations of
this one device on paper; leyden builds them from its elements. Each library has the setting that was fastest here at
the same error; where that was a choice, a comment says what was tried.
"""
