"""The review of the portfolio: its policy, what is known of each use case, what is proposed and decided."""
