"""Agents under test. To add another kind, write a class with the Agent protocol of base.py."""
