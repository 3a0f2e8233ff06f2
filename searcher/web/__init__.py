"""How is it asked for in a browser, and over HTTP?"""
