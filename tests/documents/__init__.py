"""What do the small files look like that readers are tested with?

All of them are made here, by hand, from the formats' specifications.
"""
