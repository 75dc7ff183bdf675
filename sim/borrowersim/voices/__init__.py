"""Voices: an act becomes words. To add another, write a Voice (base.py)."""
