"""Faults between the engine and a real server: cuts at every byte, kills, forks, exits."""
