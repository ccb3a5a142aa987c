module ixn.example/tools/go/double

go 1.26
