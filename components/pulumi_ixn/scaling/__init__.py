"""How many pods a workload has: disruption budgets and autoscalers, and their rules."""
