"""What writes the generated files: a module per kind, each with `outputs()`; `tools/generate` runs them all."""
