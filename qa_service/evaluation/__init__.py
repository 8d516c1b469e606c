"""How well does a release find what people judged to be right?"""
