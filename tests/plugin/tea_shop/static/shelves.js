document.documentElement.dataset.teaShop = 'open';
