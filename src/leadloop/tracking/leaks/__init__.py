"""What un-followed, late, rejected and stuck leads cost, from the company's own win rates."""
