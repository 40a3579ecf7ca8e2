"""When a tip is due and which one it is: pure functions of a schedule, a moment and what came before."""
