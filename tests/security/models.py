"""The models of the attacks: one to attack with, one nobody may touch."""

from __future__ import annotations

from bridgeorm import Column, Model, column, primary_key

CANARIES = ("canary one", "canary two")


class Canary(Model, table="security_canaries"):
    id: Column[int] = primary_key()
    name: Column[str] = column()


class Target(Model, table="security_targets"):
    id: Column[int] = primary_key()
    name: Column[str] = column()
    note: Column[str | None] = column(default=None)
    document: Column[dict[str, object]] = column(default=dict)


class Unique(Model, table="security_uniques"):
    id: Column[int] = primary_key()
    name: Column[str] = column(unique=True)
    count: Column[int] = column(default=0)


MODELS = (Canary, Target, Unique)
