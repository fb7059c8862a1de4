# Signing out every other device, or one of them.

devices-title = { $count ->
        [one] 1 anderes Gerät abmelden?
       *[other] { $count } andere Geräte abmelden?
    }
devices-after = Die Geräte verlieren sofort den Zugang und müssen sich neu anmelden. Das Gerät, das Sie gerade verwenden, bleibt angemeldet.
devices-after-trust = Danach gilt kein Browser mehr als vertrauenswürdig: Bei der nächsten Anmeldung wird überall nach dem zweiten Schritt gefragt.
devices-button = Andere Geräte abmelden
devices-keep = Nicht abmelden
devices-one-title = { $device } abmelden?
devices-one-after = Das Gerät verliert sofort den Zugang und muss sich neu anmelden. Das Gerät, das Sie gerade verwenden, bleibt angemeldet.
devices-one-button = Gerät abmelden
devices-one-keep = Nicht abmelden
devices-none-title = Keine anderen Geräte
devices-none = Nur dieses Gerät ist in Ihrem Konto angemeldet.
devices-back = Zurück zur Sicherheit
