"""Registers and a population database of a province that does not exist, with the truth about who is who in them.

For measuring and tests: of other seeds and other rates than any that an engine was tried on. Pure: no Django. What one
calls is :func:`.generate.generate` with :class:`.rates.Rates`; nothing is loaded here: the command line is quick.
"""
