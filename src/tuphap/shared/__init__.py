"""Mechanisms that every module uses and none writes again. Nothing here knows a module."""
