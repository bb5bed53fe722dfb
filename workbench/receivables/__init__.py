"""Aging snapshots, cases and letters for what stays unpaid."""
