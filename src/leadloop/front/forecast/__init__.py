"""The forecast: of the company and its teams, what each salesperson says, and the deals behind it."""
