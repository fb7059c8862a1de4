# An organization's own pages: what it asks of its members, and how far they are.

admin-title = Seguridad de { $organization }
admin-requirement-title = Requisito
admin-off = Cada miembro decide por sí mismo. Usan la MFA: { $enabled } de { $members }.
admin-recommended = La MFA se recomienda y cada miembro decide por sí mismo. La usan: { $enabled } de { $members }.
admin-since = MFA obligatoria desde el { $date }.
admin-from = MFA obligatoria a partir del { $date }.
admin-all-ready = { $count ->
        [one] El único miembro está al día.
       *[other] Los { $count } miembros están al día.
    }
admin-ready-now = Al día: { $enabled } de { $members }. Deben configurarla en su próximo inicio de sesión: { $left }.
admin-ready-then = Al día: { $enabled } de { $members }. Les falta configurarla: { $left }.
admin-later = { $count ->
        [one] 1 llegó hace poco y tiene días adicionales.
       *[other] { $count } llegaron hace poco y tienen días adicionales.
    }
admin-stop = Dejar de exigir
admin-change = Cambiar el requisito
admin-own-factor = Configure primero la MFA en su propia cuenta, con un método que cuente. Hasta entonces puede ver qué cambiaría, pero no cambiarlo.
admin-own-factor-action = Configurar MFA

requirement-legend = Qué se pide a los miembros
requirement-off = Nada
requirement-off-hint = Cada miembro decide por sí mismo.
requirement-recommended = MFA recomendada
requirement-recommended-hint = Los miembros sin MFA leen una línea sobre ella en su página de seguridad. A nadie se le impide continuar.
requirement-required = MFA obligatoria
requirement-required-hint = Desde el día indicado abajo, los miembros sin un método que cuente configuran uno antes de continuar. No se quita a nadie.
requirement-from = Obligatoria desde
requirement-from-hint = Desde las 00:00 UTC de ese día. El día actual significa de inmediato.
requirement-methods = Métodos que cuentan
requirement-email-hint = Un enlace enviado a su dirección de correo. No lo incluya si quien lee el correo de un miembro no debe poder entrar con él.
requirement-days = Días adicionales para miembros nuevos
requirement-days-hint = Se cuentan desde el día en que se unen. 0 significa desde el primer inicio de sesión.
requirement-show = Mostrar qué cambiaría

requirement-title = Qué se pide a los miembros
requirement-from-title = ¿Exigir la MFA desde el { $date }?
requirement-now-title = ¿Exigir la MFA desde ahora?
requirement-change-title = ¿Cambiar el requisito?
requirement-recommend-title = ¿Recomendar la MFA?
requirement-stop-title = ¿Dejar de exigir la MFA?
requirement-stop-recommending-title = ¿Dejar de recomendar la MFA?

rehearsal-stopped-then = Miembros que el { $date } tendrían que configurar la MFA antes de continuar: { $stopped } de { $members }.
rehearsal-stopped-now = Miembros que desde ahora tendrían que configurar la MFA antes de continuar: { $stopped } de { $members }.
rehearsal-nobody = { $count ->
        [one] El único miembro está al día. A nadie se le impediría continuar.
       *[other] Los { $count } miembros están al día. A nadie se le impediría continuar.
    }
rehearsal-only-email = { $count ->
        [one] 1 miembro solo tiene el enlace por correo, que no contaría.
       *[other] { $count } miembros solo tienen el enlace por correo, que no contaría.
    }
rehearsal-lifts = La MFA es obligatoria ahora. Hasta el { $date } no lo sería, y los miembros sin ella podrían continuar.
rehearsal-later = { $count ->
        [one] 1 más llegó hace poco y tendría antes el resto de los días adicionales.
       *[other] { $count } más llegaron hace poco y tendrían antes el resto de los días adicionales.
    }
rehearsal-named = Miembros sin ningún método que cuente
rehearsal-more = { $count ->
        [one] Y 1 más.
       *[other] Y { $count } más.
    }
rehearsal-file = Descargar la lista (CSV)
rehearsal-kept = No se quita a nadie ni se cierra ninguna sesión. Los miembros continúan en cuanto funciona un método.
rehearsal-told = Se avisa a los miembros por correo y se les recuerda 14, 7 y 1 días antes.
rehearsal-counting = Métodos que cuentan
rehearsal-days = Los miembros nuevos tienen
rehearsal-days-none = Ningún día adicional
rehearsal-days-count = { $count ->
        [one] 1 día adicional
       *[other] { $count } días adicionales
    }

requirement-recommend-after = Los miembros sin MFA leen una línea sobre ella en su página de seguridad. A nadie se le impide continuar.
requirement-recommend-lifts = La MFA deja entonces de ser obligatoria. Nadie pierde un método.
requirement-stop-after = Cada miembro decide por sí mismo desde su próxima acción. Nadie pierde un método, y cualquiera puede desactivar la MFA.
requirement-button-from = Exigir MFA desde el { $date }
requirement-button-now = Exigir MFA desde ahora
requirement-button-change = Guardar requisito
requirement-button-recommend = Recomendar MFA
requirement-button-stop = Dejar de exigir MFA
requirement-button-stop-recommending = Dejar de recomendar MFA
requirement-keep = Dejar como está

# For how many days members may have a browser trusted.
admin-trust-title = Navegadores de confianza
admin-trust = { $count ->
        [0] A los miembros se les pide el segundo paso en cada inicio de sesión.
        [one] Los miembros pueden confiar en un navegador durante 1 día, y en él no se les pide el segundo paso.
       *[other] Los miembros pueden confiar en un navegador durante { $count } días, y en él no se les pide el segundo paso.
    }
trust-days = Número de días
trust-days-hint = De 0 a 90. 0 significa nunca.
trust-days-show = Mostrar qué significa
trust-days-title = { $count ->
        [0] ¿Dejar de confiar en navegadores?
        [one] ¿Confiar en navegadores durante 1 día?
       *[other] ¿Confiar en navegadores durante { $count } días?
    }
trust-days-after = { $count ->
        [0] A los miembros se les pide el segundo paso en cada inicio de sesión, también en los navegadores que ahora son de confianza.
        [one] En el segundo paso los miembros pueden marcar una casilla. Durante 1 día su contraseña basta para iniciar sesión en ese navegador. Cambiar un método o desactivar la MFA sigue exigiendo el segundo paso. La confianza más antigua termina.
       *[other] En el segundo paso los miembros pueden marcar una casilla. Durante { $count } días su contraseña basta para iniciar sesión en ese navegador. Cambiar un método o desactivar la MFA sigue exigiendo el segundo paso. La confianza más antigua termina.
    }
trust-days-button = Guardar días
trust-days-button-never = Dejar de confiar en navegadores

adoption-title = Adopción
adoption-enabled = { $enabled } de { $members } ({ $percent }%)
adoption-methods = Qué tienen los miembros
adoption-no-codes = Sin códigos de respaldo
adoption-members = Ver miembros
