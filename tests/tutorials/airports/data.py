PORTS = {
    "BGO": "Bergen, Flesland",
    "SVO": "Moscow, Sheremetyevo \u2014 \u0428\u0435\u0440\u0435\u043c\u0435\u0442\u044c\u0435\u0432\u043e",
    "ZRH": "Z\xfcrich, Kloten",
}
