# Backup codes: shown once, as a page, a file and a sheet of paper; and replaced.

codes-title = Guarde sus códigos de respaldo
codes-lead = Cada uno funciona una vez. No podremos mostrarlos de nuevo.
codes-sheet-title = Códigos de respaldo de { -product }
codes-account = Cuenta
codes-created = Creados
codes-keep = Guárdelos en un lugar seguro y privado.
# Only in the file, which has no page around it.
codes-file-once = Cada código funciona una vez.
codes-download = Descargar
codes-copy = Copiar
codes-copied = { $count ->
        [one] 1 código copiado
       *[other] { $count } códigos copiados
    }
codes-blocked = Este navegador no permite copiar. Seleccione los códigos y cópielos.
codes-print = Imprimir
# What these three do it to, for those who don't see the page.
codes-object = códigos
codes-saved = Ya guardé mis códigos

codes-gone-title = Estos códigos se mostraron una sola vez
codes-gone = Si no los guardó, cree códigos nuevos. Los que no se usaron dejan de funcionar entonces.
codes-create = Crear códigos nuevos
codes-back = Volver a Seguridad

codes-new-title = ¿Crear códigos de respaldo nuevos?
codes-new-after = { $count ->
        [0] Recibirá 10 códigos nuevos, que se muestran una sola vez.
        [one] Su código sin usar deja de funcionar.
       *[other] Sus { $count } códigos sin usar dejan de funcionar.
    }
codes-new-keep = Conservar los actuales
