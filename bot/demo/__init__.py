"""The demonstration: the real bot, in front of a simulated building and a stand-in for Telegram.

Start at `house`, which puts the two together. Nothing below this package knows of it.
"""
