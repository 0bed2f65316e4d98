// The preview says what is typed, as it is typed.
document.addEventListener('input', event => {
  const preview = document.getElementById(event.target.dataset?.reviewsPreview ?? '');
  if (preview) preview.textContent = event.target.value.trim() || preview.dataset.empty;
});
