{{ chosen('locations') }}
