"""What is committed?"""
