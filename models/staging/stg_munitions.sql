{{ told_by_documents_read('munitions') }}
