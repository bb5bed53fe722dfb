"""Frames in, frames out: candidates, assignment, evidence, aging and tie-out."""
