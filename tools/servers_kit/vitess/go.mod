module bridgeorm/vitess

go 1.26.2

require vitess.io/vitess v0.24.0
