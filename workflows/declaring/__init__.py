"""Declaring a tool that somebody uses already: without blame, in three questions, onto the inventory."""
