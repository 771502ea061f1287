"""Incidents: the company's policy for them, who may do what, and the rules from report to review."""
