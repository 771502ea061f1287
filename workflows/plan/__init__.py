"""The 90-day plan: phases, tasks with owners, and what is behind."""
