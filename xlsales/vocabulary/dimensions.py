"""Names of dimensions that the program knows a meaning of; any other name is as good."""

STORE_DIMENSIONS = (
    "门店", "店铺", "店", "网点", "专柜", "经销商", "Store", "Stores", "Shop", "Dealer", "Dealers",
)  # fmt: skip
"""Names of the dimension of stores: it is handed out if none is named; else that of persons is."""
PLACE_DIMENSIONS = (
    "区域", "地区", "大区", "片区", "省", "省份", "城市", "Region", "Regions", "Area", "Province", "City",
)  # fmt: skip
"""Names of dimensions that tell where a store is; its file has no table of them."""
PERSON_DIMENSIONS = (
    "人员", "员工", "销售员", "销售人员", "业务员", "导购", "店员",
    "Person", "Persons", "People", "Staff", "Employee", "Salesperson",
)  # fmt: skip
"""Names of dimensions of persons; a store's file names its own alone, never those of all stores."""
