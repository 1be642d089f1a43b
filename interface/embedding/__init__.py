"""The app in pages of other sites: the compact layout, the web component, and which sites may."""
