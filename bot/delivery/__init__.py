"""What sends tips when they are due: looks, claims, waits for its turn, sends, settles."""

from bot.delivery.worker import DeliveryAdapter, DeliveryWorker

__all__ = ["DeliveryAdapter", "DeliveryWorker"]
