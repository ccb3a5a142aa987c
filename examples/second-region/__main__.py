"""Deploy the region that the stack file describes. Neither region reads the state of the other."""

from pulumi_ixn.stack import deploy, stack_settings

deploy(stack_settings())
