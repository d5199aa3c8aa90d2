"""How is each engine asked?"""
