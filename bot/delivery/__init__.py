"""The delivery worker: claims what is due, waits for the rate limit, sends, records the result."""

from bot.delivery.dispatcher import DeliveryAdapter
from bot.delivery.worker import DeliveryWorker

__all__ = ["DeliveryAdapter", "DeliveryWorker"]
