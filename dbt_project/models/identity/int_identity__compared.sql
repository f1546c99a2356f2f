-- One row per profile as the comparison sees it.
{{ config(materialized='view') }}

{{ compared(ref('int_profile_features')) }}
