"""Units into which water only flows, or out of which it only comes: their balance would correct all of it away."""

from __future__ import annotations

import numpy as np

from xunshui.balance import SiteNetwork


def one_sided(network: SiteNetwork) -> tuple[str, ...]:
    """Return the units that tell only what enters or only what leaves; what a tank took in counts as the other side."""
    net = network.network
    flows = (net.tail != net.head) & ~(network.values == 0)
    enters = np.bincount(net.head[flows], minlength=net.outside + 1)[:-1] > 0
    leaves = np.bincount(net.tail[flows], minlength=net.outside + 1)[:-1] > 0
    lacking = (enters != leaves) & (network.held == 0)
    return tuple(net.nodes[at] for at in np.flatnonzero(lacking).tolist())


def one_sided_words(units: tuple[str, ...]) -> str:
    """Return why such a site is not reconciled, and what would do."""
    return f"{'、'.join(units)} 只有进水或只有出水，无从平衡；请补上它的出水、耗水、漏失或存水变化"
