"""What do readers make of files that nobody meant to write?"""
