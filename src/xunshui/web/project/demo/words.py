"""What the demo's applicants write: a problem, a practice and an effect for each direction."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The words of a case before its figures are put in; `{saved}` is the yearly saving [万 m³]."""

    title: str
    background: str
    practice: str
    innovation: str
    effect: str
    spread: str


STORIES = {
    "D1": Story(
        title="循环冷却排污水与工艺废水分质回用",
        background="循环冷却系统排污水含盐高，过去与工艺废水混合外排，回用水质波动大，新水补充量居高不下。",
        practice="按水质分为三路：高盐水软化后进膜系统，含油水气浮后串联用于冲渣，清净水直接补入循环系统。",
        innovation="用在线电导与浊度切换去向，膜系统进水稳定；浓水用于渣场抑尘，不另设蒸发。",
        effect="年节约新水 {saved} 万立方米，循环系统浓缩倍数由 3.2 提高到 5.0，吨水运行成本低于新水价格。",
        spread="所用单元都是成熟设备，改造不停产，同类循环冷却系统可以照做。",
    ),
    "D2": Story(
        title="市政再生水进厂与园区废水共治",
        background="所在地新水指标紧张，城市再生水厂有余量，但缺少管网和水质保证，企业不敢用。",
        practice="与再生水厂签订供水协议，建设专用管线和厂前深度处理，作为循环冷却补水的主要水源。",
        innovation="双方共用在线监测数据，水质超出约定范围时自动切换，责任按记录划分。",
        effect="年使用再生水替代新水 {saved} 万立方米，水费下降，区域外排水量同步减少。",
        spread="协议文本、水质约定和切换规则可以公开，适合再生水厂十公里以内的用户。",
    ),
    "D3": Story(
        title="用水在线监测与平衡预警平台",
        background="水表多年未成体系，漏损靠月底盘账发现，发现时往往已损失数周的水量。",
        practice="补齐二级、三级水表，数据每十五分钟汇总，按水平衡自动校核，异常点推送到班组。",
        innovation="用平衡约束校正读数，同时指出可疑水表和可能的漏点，减少误报。",
        effect="年减少漏失和空放 {saved} 万立方米，异常从发现到处置由两周缩短到一个班次。",
        spread="不依赖特定厂家的水表，接入规则公开，可以从一个车间开始。",
    ),
    "D4": Story(
        title="低能耗膜浓缩与浓水资源化装备",
        background="膜系统回收率到七成五便结垢，浓水处置费用高，成为回用的堵点。",
        practice="研制高通量抗污染膜组件与晶种防垢工艺，将回收率提高到九成，浓水分盐后外售。",
        innovation="晶种在线再生，清洗周期由七天延长到四十五天，组件实现国产化。",
        effect="年多回用 {saved} 万立方米，吨水电耗降低两成，结晶盐达到工业级。",
        spread="装备为撬装式，已在两条生产线运行，可按处理量组合。",
    ),
    "D5": Story(
        title="厌氧产沼与光伏供电的减污降碳协同",
        background="高浓度有机废水与低浓度清洗水混合处理，曝气电耗高，沼气直接燃烧排空。",
        practice="高低浓度分开收集，高浓度厌氧产沼供锅炉，膜回用由屋顶光伏供电，药剂投加按负荷调节。",
        innovation="不同水质协同配比，碳源由厂内废水提供，不再外购。",
        effect="年回用 {saved} 万立方米，外排化学需氧量减少四成，年减碳约两千吨。",
        spread="适合有机废水占比高的食品、造纸、纺织企业。",
    ),
}
