"""Does a series rise, fall or break, and is it more than chance?"""
