"""What the bot remembers: tables, the unit of work, the outbox, coordination between replicas. Only here: SQLAlchemy and Redis."""
