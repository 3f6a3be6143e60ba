"""The grammar of Segue: `segue.lark`, read by `dsl` alone."""
