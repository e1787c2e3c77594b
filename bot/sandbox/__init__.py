"""A world to try the bot in: simulated meters and their neighbours. Imports nothing of the bot."""
