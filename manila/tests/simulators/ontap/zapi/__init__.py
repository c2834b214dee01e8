"""The older XML transport (ZAPI): calls, iterators and error numbers over the model."""
