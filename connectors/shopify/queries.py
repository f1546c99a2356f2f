"""What we ask Shopify for, in names of the published Admin schema 2026-07; `make fidelity` checks them.

The deprecated `email`, `phone` and marketing consent fields are left alone in favour of the default
address and number, which carry state, level and moment of the consent.
"""

# What is read of each, the same by pages and in bulk: else the second way would seem to bring news.
CUSTOMER = """
  id legacyResourceId createdAt updatedAt firstName lastName locale tags
  numberOfOrders verifiedEmail
  defaultEmailAddress { emailAddress marketingState marketingOptInLevel marketingUpdatedAt }
  defaultPhoneNumber { phoneNumber marketingState marketingOptInLevel marketingUpdatedAt }
  defaultAddress { address1 address2 city zip provinceCode countryCodeV2 company phone }
"""
LINE = "sku title quantity originalUnitPriceSet { shopMoney { amount currencyCode } }"
ORDER = """
  id legacyResourceId name createdAt processedAt updatedAt cancelledAt cancelReason test
  email phone customerAcceptsMarketing displayFinancialStatus currencyCode sourceName discountCodes
  customer { id legacyResourceId }
  billingAddress {
    firstName lastName address1 address2 city zip provinceCode countryCodeV2 company phone
  }
  totalPriceSet { shopMoney { amount currencyCode } }
  totalTaxSet { shopMoney { amount currencyCode } }
  totalShippingPriceSet { shopMoney { amount currencyCode } }
  totalRefundedSet { shopMoney { amount currencyCode } }
  refunds { id legacyResourceId createdAt totalRefundedSet { shopMoney { amount currencyCode } } }
  disputes { id initiatedAs status }
  customerJourneySummary {
    firstVisit { occurredAt source referrerUrl utmParameters { source medium campaign content term } }
    lastVisit { occurredAt source referrerUrl utmParameters { source medium campaign content term } }
  }
"""

CUSTOMERS_QUERY = (
    """
query Customers($first: Int!, $after: String, $query: String) {
  customers(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes {"""
    + CUSTOMER
    + """}
    pageInfo { hasNextPage endCursor }
  }
}
"""
)
ORDERS_QUERY = (
    """
query Orders($first: Int!, $after: String, $query: String) {
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes {"""
    + ORDER
    + f"""
      lineItems(first: 10) {{ nodes {{ {LINE} }} pageInfo {{ hasNextPage endCursor }} }}
    }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}
"""
)
ORDER_LINES_QUERY = f"""
query OrderLines($id: ID!, $after: String) {{
  order(id: $id) {{
    lineItems(first: 100, after: $after) {{
      nodes {{ {LINE} }}
      pageInfo {{ hasNextPage endCursor }}
    }}
  }}
}}
"""

# The shop writes these into a file, whole and in no order.
CUSTOMERS_BULK = "{ customers { edges { node {" + CUSTOMER + "} } } }"
ORDERS_BULK = (
    "{ orders { edges { node {" + ORDER + f"lineItems {{ edges {{ node {{ {LINE} }} }} }}" + "} } } }"
)
BULK_RUN = """
mutation Bulk($query: String!) {
  bulkOperationRunQuery(query: $query) {
    bulkOperation { id status createdAt }
    userErrors { code field message }
  }
}
"""
BULK_OPERATION_QUERY = """
query BulkOperation($id: ID!) {
  bulkOperation(id: $id) { id status createdAt errorCode url }
}
"""
# Newest first, by default.
BULK_OPERATIONS_QUERY = """
query BulkOperations {
  bulkOperations(first: 20, query: "operation_type:query") {
    nodes { id status createdAt completedAt query }
  }
}
"""

# Without a limit the count stops at 10,000.
CUSTOMERS_COUNT_QUERY = "query CustomersCount { customersCount(limit: null) { count precision } }"
ORDERS_COUNT_QUERY = "query OrdersCount { ordersCount(limit: null) { count precision } }"
SCOPES_QUERY = "query Scopes { currentAppInstallation { accessScopes { handle } } }"
# Enqueues the erasure; the shop carries it out days later. Needs the scope write_customer_data_erasure.
CUSTOMER_ERASURE = """
mutation Erase($id: ID!) {
  customerRequestDataErasure(customerId: $id) { customerId userErrors { code field message } }
}
"""
