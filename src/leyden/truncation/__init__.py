"""How many levels of an infinite space are enough?"""
