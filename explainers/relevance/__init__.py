"""Layer-wise relevance: the rules, the linear layers that they are for, and the network made of these."""
